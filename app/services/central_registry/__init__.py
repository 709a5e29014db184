"""中央库下载: asking the central registry about an enterprise, telling the differences, and taking what its clerk accepts."""
