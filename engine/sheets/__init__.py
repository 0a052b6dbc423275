"""What people write: cast sheets, scene sheets, seasons and the training sheet, as checked models."""
