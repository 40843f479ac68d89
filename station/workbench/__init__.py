"""The workbench: carries out calibrations and examinations for whoever stands at the kiosk."""
