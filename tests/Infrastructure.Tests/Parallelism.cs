// Some tests wait for a database, and another project runs beside this one. The tests of a fixture run in their order.
[assembly: LevelOfParallelism(2)]
[assembly: Parallelizable(ParallelScope.Fixtures)]
