"""What the benchmarks are made of: a town with much news, servers, yardsticks and a client."""
