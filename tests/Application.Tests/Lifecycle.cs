// Each test gets its own substitutes, because a test may change how they answer.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
