using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration;
using AiGateway.Infrastructure.Configuration.Providers;
using AiGateway.Infrastructure.Pricing;
using AiGateway.Infrastructure.Providers;
using AiGateway.Testing;
using Microsoft.Extensions.Configuration;

namespace AiGateway.Infrastructure.Tests.Configuration;

/// <summary>The lists of providers and routes.</summary>
public sealed class ProviderListTests
{
    private static readonly (string, string?)[] Local = [("Providers:0:name", "local"), ("Providers:0:preset", "llamacpp")];

    [Test]
    public void Read_OfTheExampleInTheDocument_YieldsItsProvidersAndRoutes()
    {
        using var key = new TempFile("sk-azure\n");
        var json = ExampleInTheDocument().Replace("env:OPENAI_API_KEY", "sk-1").Replace("env:OPENROUTER_API_KEY", "sk-2").Replace("/run/secrets/azure", key.Path);

        var setup = ReadJson(json).Providers;

        Assert.That(setup.Accounts.Select(account => account.Name), Is.EqualTo(["openai", "azure", "openrouter", "local"]));
        Assert.That(setup.Accounts[0].Profile, Is.EqualTo(OpenAiProfile.OpenAi));
        Assert.That(setup.Accounts[1].BaseUrl, Is.EqualTo(new Uri("https://example.openai.azure.com/openai/v1")));
        Assert.That(setup.Accounts[1].Credential.Header, Is.EqualTo("api-key"));
        Assert.That(setup.Accounts[3].Models["tiny"].Upstream, Is.EqualTo("tiny-llama"));
        Assert.That(setup.Accounts[3].PricedAs, Is.EqualTo(["local"]));
        var groups = setup.Routes["fast"].Groups;
        Assert.That(groups[0].Targets, Is.EqualTo([new RouteTarget("openai", "gpt-6-luna", 2), new RouteTarget("azure", "gpt-6-luna")]));
        Assert.That(groups[1].Targets, Is.EqualTo([new RouteTarget("local", "tiny")]));
        Assert.That(
            PricedModelsCheck.Check(setup, PriceBook.Load(null)).Select(fault => fault.Setting),
            Is.EqualTo(["Providers local"]), "the example has no price for the model tiny");
    }

    [Test]
    public void Document_NamesEveryPreset()
    {
        var document = Repository.Read("docs/providers.md");

        Assert.That(ProviderPreset.Names.Where(name => !document.Contains($"`{name}`", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCaseSource(nameof(Presets))]
    public void Preset_NeedsANameAndTheSettingsThatItDoesNotSet(string preset)
    {
        var known = ProviderPreset.Find(preset)!;
        List<(string, string?)> given = [("Providers:0:name", "it"), ("Providers:0:preset", preset)];
        if (known.BaseUrl is null) given.Add(("Providers:0:baseUrl", "https://example.com/v1"));
        if (!known.IsLocal) given.Add(("Providers:0:apiKey", "sk-1"));

        var account = Given.Read(given, isDevelopment: false).Providers.Accounts.Single();

        Assert.That(account.BaseUrl.AbsoluteUri, Does.StartWith(known.BaseUrl ?? "https://example.com"));
        Assert.That(account.PricedAs, Is.Not.Empty);
        if (!known.IsLocal) Assert.That(FaultsOf([.. given.Where(each => each.Item1 != "Providers:0:apiKey")]), Is.EqualTo([("Providers:0:apiKey", $"is required for the preset {preset}")]));
    }

    [TestCase("anthropic", null, null, "https://api.anthropic.com/")]
    [TestCase("anthropic", "anthropic-messages", "https://example.com/v1/", "https://example.com/")]
    [TestCase("deepseek", "anthropic-messages", null, "https://api.deepseek.com/anthropic")]
    [TestCase("ollama", "anthropic-messages", null, "http://127.0.0.1:11434/")]
    [TestCase("bedrock", "anthropic-messages", "https://bedrock-mantle.us-east-1.api.aws/anthropic", "https://bedrock-mantle.us-east-1.api.aws/anthropic")]
    public void AnthropicWire_OfAnyPreset_ServesChatAlone(string preset, string? wire, string? url, string address)
    {
        List<(string, string?)> given = [("Providers:0:name", "it"), ("Providers:0:preset", preset), ("Providers:0:apiKey", "sk-1")];
        if (wire is not null) given.Add(("Providers:0:wire", wire));
        if (url is not null) given.Add(("Providers:0:baseUrl", url));

        var account = Given.Read(given, isDevelopment: false).Providers.Accounts.Single();

        Assert.That((account.ChatWire, account.BaseUrl.AbsoluteUri), Is.EqualTo((WireKind.AnthropicMessages, address)));
        Assert.That(account.Operations, Is.EqualTo([ModelOperation.Chat]));
        Assert.That(account.Credential.Header, Is.EqualTo(preset == "anthropic" ? "x-api-key" : "Authorization"));
        Assert.That(account.RateLimitNamesWait, Is.EqualTo(preset == "anthropic"));
    }

    [TestCase("openai", "wire", "grpc", "must be openai or anthropic-messages")]
    [TestCase("anthropic", "wire", "openai", "must be anthropic-messages for the preset anthropic")]
    [TestCase("anthropic", "wires", "openai-chat", "has no meaning beside the wire anthropic-messages")]
    [TestCase("groq", "wire", "anthropic-messages", "is required for the preset groq with the wire anthropic-messages")]
    public void Fault_InAWire_IsNamed(string preset, string member, string value, string problem) => Assert.That(
        FaultsOf([("Providers:0:name", "it"), ("Providers:0:preset", preset), ("Providers:0:apiKey", "sk-1"), ($"Providers:0:{member}", value)]).First().Item2,
        Does.StartWith(problem));

    [TestCase(null, "sk-file")]
    [TestCase("", "sk-file")]
    [TestCase("sk-variable", "sk-variable")]
    public async Task Key_OfAVariableThatIsNotSet_IsInTheFileThatItsFileVariableNames(string? variable, string expected)
    {
        using var file = new TempFile("sk-file\n");
        var name = $"KEY_OF_TEST_{TestContext.CurrentContext.Test.ID}";
        Environment.SetEnvironmentVariable(name, variable);
        Environment.SetEnvironmentVariable($"{name}_FILE", file.Path);

        var account = Given.Read([.. Local, ("Providers:0:apiKey", $"env:{name}")], isDevelopment: false).Providers.Accounts.Single();

        Assert.That(await account.Credential.GetAsync(CancellationToken.None), Is.EqualTo(expected));
    }

    [TestCase("name", "Local", "must be at most 60 lower-case letters")]
    [TestCase("name", "", "is required")]
    [TestCase("preset", "gpt", "must be one of anthropic, azure, bedrock")]
    [TestCase("baseUrl", "ftp://x", "must be an http or https address")]
    [TestCase("apiKey", "env:NO_SUCH_VARIABLE_HERE", "names the environment variable NO_SUCH_VARIABLE_HERE, which is not set")]
    [TestCase("apiKey", "file:/no/such/file", "names a file that cannot be read")]
    [TestCase("apiKey", "two words", "must be visible ASCII characters")]
    [TestCase("wires", "openai-chat,grpc", "must be any of openai-chat")]
    [TestCase("requestTimeout", "99", "must be a whole number from 100")]
    [TestCase("maxConnections", "0", "must be a whole number from 1")]
    [TestCase("proxy", "nonsense", "must be an http or https address")]
    [TestCase("apiVersion", "2024-10-21", "belongs to the preset azure alone")]
    [TestCase("quirks:outputLimit", "tokens", "must be max_tokens or max_completion_tokens")]
    [TestCase("quirks:sendsStreamOptions", "maybe", "must be true or false")]
    [TestCase("quirks:other", "x", "is not known here")]
    [TestCase("models:0:upstream", "x", "is required")]
    [TestCase("baseURL2", "x", "is not known here: use apiKey")]
    public void Fault_InAProvider_IsNamedWithItsKey(string member, string value, string problem)
    {
        (string, string?)[] given = [.. Local, ($"Providers:0:{member}", value)];

        var (place, text) = FaultsOf(given).First();

        Assert.That(place, Does.StartWith("Providers:0:"));
        Assert.That(text, Does.StartWith(problem));
    }

    [TestCase("model", "", "is required")]
    [TestCase("groups:0:targets:0:provider", "nobody", "must be a configured provider: local")]
    [TestCase("groups:0:targets:0:weight", "0", "must be a whole number from 1")]
    [TestCase("groups:0:targets:0:model", "two words", "must be at most 200 visible ASCII characters")]
    [TestCase("fallbackOn", "price", "must be any of context, content")]
    [TestCase("order", "x", "is not known here")]
    public void Fault_InARoute_IsNamedWithItsKey(string member, string value, string problem)
    {
        (string, string?)[] given =
        [
            .. Local, ("Routes:0:model", "fast"), ("Routes:0:groups:0:targets:0:provider", "local"), ("Routes:0:groups:0:targets:0:model", "tiny"),
            ($"Routes:0:{member}", value),
        ];

        var (place, text) = FaultsOf(given).First();

        Assert.That(place, Is.EqualTo($"Routes:0:{member}"));
        Assert.That(text, Does.StartWith(problem));
    }

    [Test]
    public void Read_OfAListedProviderWithTheNameOfAShorthand_UsesTheListedOne()
    {
        var accounts = Given.Production(("Providers:0:name", "openai"), ("Providers:0:preset", "generic"), ("Providers:0:baseUrl", "http://127.0.0.1:9/v1")).Providers.Accounts;

        Assert.That(accounts.Single().BaseUrl.Port, Is.EqualTo(9));
    }

    [Test]
    public void Read_OfAnAccount_ShowsNoSecret()
    {
        var account = Given.Read([("Providers:0:name", "it"), ("Providers:0:preset", "xai"), ("Providers:0:apiKey", "sk-CANARY")], isDevelopment: false).Providers.Accounts.Single();

        Assert.That($"{account} {account.Credential} {account.Fingerprint}", Does.Not.Contain("CANARY"));
    }

    [Test]
    public void Wires_OfAProvider_AreThoseThatItSpeaks()
    {
        var account = Given.Read([.. Local, ("Providers:0:wires:0", "openai-embeddings")], isDevelopment: false).Providers.Accounts.Single();

        Assert.That(account.Operations, Is.EqualTo([ModelOperation.Embeddings]));
    }

    private static IEnumerable<string> Presets() => ProviderPreset.Names;

    private static IEnumerable<(string, string)> FaultsOf(IEnumerable<(string, string?)> given) =>
        Given.FaultsOf(() => Given.Read(given, isDevelopment: false)).Select(fault => (fault.Setting, fault.Problem));

    private static GatewaySettings ReadJson(string json)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
        return GatewaySettings.Read(new ConfigurationBuilder().AddJsonStream(stream).Build(), isDevelopment: false);
    }

    private static string ExampleInTheDocument()
    {
        var document = Repository.Read("docs/providers.md");
        var start = document.IndexOf("```json", StringComparison.Ordinal) + "```json".Length;
        return document[start..document.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
