// A substitute that one test bends must not reach the next test.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
