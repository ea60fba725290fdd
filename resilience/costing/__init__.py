"""Full cost recovery: direct costs, pools with drivers, funders' rule sets, prices. docs/cost_recovery.md says every equation."""
