"""中央库下载: asking the central registry about an enterprise, comparing, and taking what its clerk accepts."""
