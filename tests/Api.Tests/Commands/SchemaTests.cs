using System.Text.Json;
using AiGateway.Api.Cli;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Infrastructure.Configuration;
using AiGateway.Infrastructure.Pricing;
using AiGateway.Testing;
using Json.Schema;

namespace AiGateway.Api.Tests.Commands;

/// <summary>The committed JSON schemas are those of the code, and accept what the gateway accepts.</summary>
internal sealed class SchemaTests
{
    private static readonly JsonSchema Settings = JsonSchema.FromText(Repository.Read("docs/schemas/appsettings.schema.json"));
    private static readonly JsonSchema Prices = JsonSchema.FromText(Repository.Read("docs/schemas/prices.schema.json"));

    [TestCase("settings", "docs/schemas/appsettings.schema.json")]
    [TestCase("prices", "docs/schemas/prices.schema.json")]
    public void CommittedSchema_IsTheOneOfTheCode(string name, string path)
    {
        using var output = new StringWriter();

        Assert.That(SchemaCommand.Run([name], output, TextWriter.Null), Is.Zero);
        Assert.That(Repository.Read(path), Is.EqualTo(output.ToString()), $"run: dotnet run --project src/Api -- schema {name} > {path}");
    }

    [TestCase("")]
    [TestCase("settings prices")]
    public void Schema_WithWrongArguments_ShowsTheUsage(string arguments)
    {
        using var errors = new StringWriter();

        Assert.That(SchemaCommand.Run(arguments.Split(' '), TextWriter.Null, errors), Is.EqualTo(64));
        Assert.That(errors.ToString(), Does.StartWith("usage: schema settings"));
    }

    [TestCase("src/Api/appsettings.json")]
    [TestCase("src/Api/appsettings.Development.json")]
    public void Settings_OfTheProgram_FitTheSchema(string path) => AssertFits(Settings, Repository.Read(path));

    [Test]
    public void Settings_WithEveryDefaultAsText_FitTheSchema()
    {
        var all = new Dictionary<string, object>();
        foreach (var setting in KnownSettings.All)
        {
            var path = setting.Name.Split(':');
            if (path.Length == 1) all[path[0]] = setting.Default;
            else
            {
                if (!all.TryGetValue(path[0], out var section)) all[path[0]] = section = new Dictionary<string, object>();
                ((Dictionary<string, object>)section)[path[1]] = setting.Default;
            }
        }

        AssertFits(Settings, JsonSerializer.Serialize(all));
    }

    [TestCase("""{"AI_GATEWAY_REQUEST_TIMEOUT": 30000, "AI_QUOTA_DAILY_LIMIT": "unlimited", "AI_GATEWAY_DOCS": true, "OPENAI_API_KEY_FILE": "/run/key"}""")]
    [TestCase("""{"Database": {"Provider": "Postgres", "MigrateAtStart": false}, "ConnectionStrings": {"Gateway": "Host=db", "Other": "x"}, "Logging": {}}""")]
    [TestCase("""{"Providers": [{"name": "a", "preset": "openai", "apiKey": "env:KEY", "models": [{"name": "m"}], "quirks": {"outputLimit": "max_tokens"}}], "Routes": [{"model": "r", "groups": [{"targets": [{"provider": "a", "model": "m", "weight": 2}]}], "fallbackOn": ["context"]}]}""")]
    public void Settings_ThatTheGatewayTakes_FitTheSchema(string json) => AssertFits(Settings, json);

    [TestCase("""{"AI_GATEWAY_REQUEST_TIMEOUT": 99}""")]
    [TestCase("""{"AI_GATEWAY_REQUEST_TIMEOUT": "soon"}""")]
    [TestCase("""{"AI_GATEWAY_REQUEST_TIMEUOT": 30000}""")]
    [TestCase("""{"AI_GATEWAY_DOCS": "yes"}""")]
    [TestCase("""{"Database": {"Provider": "Oracle"}}""")]
    [TestCase("""{"Database": {"Provder": "Sqlite"}}""")]
    [TestCase("""{"Providers": [{"name": "A"}]}""")]
    [TestCase("""{"Providers": [{"name": "a", "presett": "openai"}]}""")]
    [TestCase("""{"Routes": [{"model": "r"}]}""")]
    public void Settings_ThatTheGatewayRefuses_DoNotFitTheSchema(string json) => Assert.That(Fits(Settings, json), Is.False);

    [TestCase("src/Infrastructure/Pricing/prices.json")]
    public void Prices_OfTheBuiltInBook_FitTheSchema(string path) => AssertFits(Prices, Repository.Read(path));

    [Test]
    public void Prices_OfTheTests_FitTheSchema() => AssertFits(Prices, TestPrices.Json);

    [Test]
    public void Prices_OfTheDocument_FitTheSchema()
    {
        var document = Repository.Read("docs/prices.md");
        var start = document.IndexOf("```json", StringComparison.Ordinal) + "```json".Length;
        AssertFits(Prices, document[start..document.IndexOf("```", start, StringComparison.Ordinal)]);
    }

    [TestCase("""{"models": [{"model": "m", "provider": "p", "contextWindow": 1, "maxOutputTokens": 1, "prices": []}]}""")]
    [TestCase("""{"models": [{"model": "m", "provider": "p", "contextWindow": 1, "maxOutputTokens": 1, "prices": [{"effectiveFrom": "2026-01-01", "inputUsdPerMillion": 1}]}]}""")]
    [TestCase("""{"models": [], "extra": 1}""")]
    [TestCase("{}")]
    public void Prices_ThatTheGatewayRefuses_DoNotFitTheSchema(string json) => Assert.That(Fits(Prices, json), Is.False);

    /// <summary>The reader names the members that it knows when it refuses another one.</summary>
    [Test]
    public void Prices_OfTheSchema_HaveTheMembersThatTheReaderKnows()
    {
        using var folder = new TempFolder();
        var path = folder.Write("prices.json", """{"models": [{"traits": {"zzz": 1}, "prices": [{"zzz": 1}], "zzz": 1}], "zzz": 1}""");
        var faults = Assert.Throws<PriceFileException>(() => PriceBook.Load(path))!.Faults;
        var known = faults.Where(fault => fault.Contains("known are ", StringComparison.Ordinal)).Select(fault => Sorted(fault[(fault.IndexOf("known are ", StringComparison.Ordinal) + 10)..].Split(", ")));

        var root = JsonDocument.Parse(Repository.Read("docs/schemas/prices.schema.json")).RootElement;
        var model = root.GetProperty("properties").GetProperty("models").GetProperty("items");
        var inner = model.GetProperty("properties");
        JsonElement[] objects = [root, model, inner.GetProperty("traits"), inner.GetProperty("prices").GetProperty("items")];
        Assert.That(objects.Select(each => Sorted(each.GetProperty("properties").EnumerateObject().Select(member => member.Name))), Is.EquivalentTo(known));
    }

    private static string Sorted(IEnumerable<string> names) => string.Join(' ', names.Order(StringComparer.Ordinal));

    private static void AssertFits(JsonSchema schema, string json)
    {
        var result = Evaluate(schema, json);
        var faults = (result.Details ?? []).Where(each => each.HasErrors).SelectMany(each => each.Errors!.Select(error => $"{each.InstanceLocation}: {error.Value}"));
        Assert.That(result.IsValid, Is.True, string.Join('\n', faults));
    }

    private static bool Fits(JsonSchema schema, string json) => Evaluate(schema, json).IsValid;

    private static EvaluationResults Evaluate(JsonSchema schema, string json) =>
        schema.Evaluate(System.Text.Json.Nodes.JsonNode.Parse(json), new EvaluationOptions { OutputFormat = OutputFormat.List });
}
