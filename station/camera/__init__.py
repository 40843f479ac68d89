"""The camera chain: back ends give timed frames, BlazePose finds the keypoints, the daemon serves them."""
