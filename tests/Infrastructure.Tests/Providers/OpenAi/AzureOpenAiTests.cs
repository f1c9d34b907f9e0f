using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration.Providers;
using AiGateway.Infrastructure.Providers.OpenAi;
using AiGateway.Testing;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi;

/// <summary>What differs on Azure: the address, the key's header and the names.</summary>
[TestFixture]
internal sealed class AzureOpenAiTests
{
    [TestCase(null, "gpt-test")]
    [TestCase("our-deployment", "our-deployment")]
    public async Task Generate_WhenSentToAzure_NamesTheDeploymentAndUsesItsKeyHeader(string? deployment, string inTarget)
    {
        await using var provider = await ScriptedProvider.StartAsync(Answers.Ok);
        var (adapter, _) = Connect(provider, deployment);
        using (adapter)
        {
            var reply = await adapter.GenerateAsync(TestCall.Of(), CancellationToken.None);

            var seen = provider.Seen.Single();
            Assert.Multiple(() =>
            {
                Assert.That(adapter.Name, Is.EqualTo("azure-openai"));
                Assert.That(reply.Content, Is.EqualTo("Hello."));
                Assert.That($"{seen.Method} {seen.Target}", Is.EqualTo($"POST /openai/deployments/{inTarget}/chat/completions?api-version=2024-10-21"));
                Assert.That(seen.Headers["api-key"], Is.EqualTo(OpenAiWire.ApiKey));
                Assert.That(
                    seen.Headers.Keys,
                    Is.EquivalentTo(new[] { "accept", "api-key", "content-length", "content-type", "host", "user-agent" }),
                    "no other key is sent, and no header that identifies a call");
                Assert.That(seen.Body, Is.EqualTo($$"""{"model":"{{inTarget}}","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}"""));
            });
        }
    }

    [TestCase(400, ErrorCode.ProviderRejected, 1)]
    [TestCase(500, ErrorCode.ProviderFailed, 3)]
    public async Task Failure_WhenFromAzure_IsClassifiedAndRetriedLikeOpenAis(int status, ErrorCode code, int attempts)
    {
        await using var provider = await ScriptedProvider.StartAsync(Answers.Status(status, ("retry-after-ms", "1")));
        var (adapter, log) = Connect(provider, null);
        using (adapter)
        {
            var failure = (await Assert.ThrowsAsync<ProviderException>(() => adapter.GenerateAsync(TestCall.Of(), CancellationToken.None)))!;

            Assert.Multiple(() =>
            {
                Assert.That(failure.Code, Is.EqualTo(code));
                Assert.That(failure.Provider, Is.EqualTo("azure-openai"));
                Assert.That(provider.Seen, Has.Count.EqualTo(attempts));
                Assert.That(log.Lines.Single(), Does.Contain("provider azure-openai ended with"));
            });
        }
    }

    [Test]
    public async Task Health_WhenChecked_ReadsAzuresListOfModels()
    {
        await using var provider = await ScriptedProvider.StartAsync(Answers.Json("{}"));
        var (adapter, _) = Connect(provider, null);
        using (adapter)
        {
            var health = await adapter.CheckHealthAsync(CancellationToken.None);

            var seen = provider.Seen.Single();
            Assert.Multiple(() =>
            {
                Assert.That(health.State, Is.EqualTo(HealthState.Healthy));
                Assert.That(health.Name, Is.EqualTo("azure-openai"));
                Assert.That($"{seen.Method} {seen.Target}", Is.EqualTo("GET /openai/models?api-version=2024-10-21"));
                Assert.That(seen.Headers["api-key"], Is.EqualTo(OpenAiWire.ApiKey));
            });
        }
    }

    [Test]
    public void Model_WhenLookedUp_IsTheOneThatAzureSells()
    {
        var account = ProviderShorthand.OfAzure(new Uri("http://127.0.0.1:1"), OpenAiWire.ApiKey, null, new());
        var (adapter, _) = OpenAiWire.Connect(account, TimeProvider.System);
        using (adapter)
        {
            Assert.That(adapter.FindModel("gpt-test")!.Provider, Is.EqualTo("azure-openai"));
            Assert.That(adapter.FindModel("gpt-unknown"), Is.Null);
        }
    }

    private static (OpenAiModelAdapter Adapter, CapturedLog<OpenAiModelAdapter> Log) Connect(ScriptedProvider provider, string? deployment) =>
        OpenAiWire.Connect(ProviderShorthand.OfAzure(provider.Address, OpenAiWire.ApiKey, deployment, new()), TimeProvider.System);
}
