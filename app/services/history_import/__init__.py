"""建造师历史数据: what the province keeps of registrations from before this platform, one row for each specialty."""
