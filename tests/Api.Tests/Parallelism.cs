// Fixtures that start processes of their own wait most of the time. They run beside one another; all others run alone.
[assembly: LevelOfParallelism(4)]
