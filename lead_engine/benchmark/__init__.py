"""From aligned months to the benchmark: today the risk ratio of each ACO and category (BMK-30 to BMK-38)."""
