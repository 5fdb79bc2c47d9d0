"""Benchmarks: each prints ratios against yardsticks that it measures in the same run."""
