/// FileDescriptor under its name in this folder; it lies with the wire, which needs it as well.
#pragma once

#include <file_descriptor.hpp>  // in angle brackets: in quotes this file would find itself
