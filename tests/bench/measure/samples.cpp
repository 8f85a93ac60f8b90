#include "samples.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

namespace vcengine::bench {

namespace {

constexpr std::size_t kEnoughForP999 = 1000;

void expect_samples(const std::vector<double>& samples) {
  if (samples.empty()) throw std::invalid_argument("there is nothing to take a quantile of");
}

double at_rank(const std::vector<double>& sorted, double q) {
  const auto size = static_cast<double>(sorted.size());
  // What 0.99 * 100 is above 99 by rounding must not become the next rank.
  const auto rank = std::ceil(q * size - 1e-9 * size);
  return sorted[static_cast<std::size_t>(std::clamp(rank, 1.0, size)) - 1];
}

}  // namespace

double quantile(std::vector<double> samples, double q) {
  expect_samples(samples);
  std::ranges::sort(samples);
  return at_rank(samples, q);
}

double median(std::vector<double> samples) {
  expect_samples(samples);
  std::ranges::sort(samples);
  const auto middle = samples.size() / 2;
  return samples.size() % 2 != 0 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
}

Quantiles quantiles(std::vector<double> samples) {
  expect_samples(samples);
  std::ranges::sort(samples);
  Quantiles result{.p50 = at_rank(samples, 0.5), .p99 = at_rank(samples, 0.99)};
  if (samples.size() >= kEnoughForP999) result.p999 = at_rank(samples, 0.999);
  return result;
}

}  // namespace vcengine::bench
