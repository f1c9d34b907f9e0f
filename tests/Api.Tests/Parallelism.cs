// Many tests wait for servers and processes: three fixtures at a time keep two cores busy. The tests of a fixture run in their order.
[assembly: LevelOfParallelism(3)]
[assembly: Parallelizable(ParallelScope.Fixtures)]
