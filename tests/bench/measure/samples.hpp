/// What is left of many measurements of one thing.
#pragma once

#include <optional>
#include <vector>

namespace vcengine::bench {

/// The smallest sample that at least the part `q` of all samples does not exceed (nearest rank).
/// Precondition: samples, and 0 < q <= 1.
double quantile(std::vector<double> samples, double q);

/// The middle one, or the mean of the two in the middle. Precondition: samples.
double median(std::vector<double> samples);

struct Quantiles {
  double p50 = 0, p99 = 0;
  std::optional<double> p999;  ///< none of fewer than 1000 samples: it would be the worst one
};

/// Precondition: samples.
Quantiles quantiles(std::vector<double> samples);

}  // namespace vcengine::bench
