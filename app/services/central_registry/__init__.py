"""中央库下载: asking the central registry about an enterprise, and taking of the differences what its clerk accepts."""
