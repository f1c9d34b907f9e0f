// Most tests wait for a database: four fixtures at a time keep two cores busy. The tests of a fixture run in their order.
[assembly: LevelOfParallelism(4)]
[assembly: Parallelizable(ParallelScope.Fixtures)]
