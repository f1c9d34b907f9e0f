// Most tests wait for servers and processes: four fixtures at a time keep two cores busy. The tests of a fixture run in their order.
[assembly: LevelOfParallelism(4)]
[assembly: Parallelizable(ParallelScope.Fixtures)]
