# Run by CPack before it packs. Folders of a package are for all to enter, whatever the umask of who builds
# it. (CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS leaves out those above a folder that a rule names, and
# file(CHMOD_RECURSE) trips over the link to a library that is in the other package.)
execute_process(
  COMMAND find ${CPACK_TEMPORARY_DIRECTORY} -type d -exec chmod 755 {} +
  COMMAND_ERROR_IS_FATAL ANY)
