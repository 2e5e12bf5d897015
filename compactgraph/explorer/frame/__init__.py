"""What every page of the explorer shares: its address, its session, its templates."""
