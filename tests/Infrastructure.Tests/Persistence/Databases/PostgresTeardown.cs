using AiGateway.Testing;

// A setup fixture without a namespace applies to the whole assembly.
[SetUpFixture]
internal sealed class PostgresTeardown
{
    [OneTimeTearDown]
    public void Stop()
    {
        if (PostgresServer.Instance.IsValueCreated) PostgresServer.Instance.Value?.Dispose();
    }
}
