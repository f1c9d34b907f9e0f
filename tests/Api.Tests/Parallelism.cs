// Fixtures that start their own processes wait most of the time, and run in parallel. All other fixtures run alone.
[assembly: LevelOfParallelism(4)]
