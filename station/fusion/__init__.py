"""The run: joins load cells and camera, follows a visit through its phases, records, scores."""
