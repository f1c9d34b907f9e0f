using AiGateway.Testing;

// In no namespace: once for the whole assembly.
[SetUpFixture]
internal sealed class PostgresTeardown
{
    [OneTimeTearDown]
    public void Stop()
    {
        if (PostgresServer.Instance.IsValueCreated) PostgresServer.Instance.Value?.Dispose();
    }
}
