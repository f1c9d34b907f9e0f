using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiGateway.Infrastructure.Configuration;
using AiGateway.Testing;
using Json.Schema;

namespace AiGateway.Api.Tests.Deployment;

/// <summary>The Helm chart: its values fit their schema, its templates use values that exist, and, where Helm is installed, it renders.</summary>
internal sealed partial class ChartTests
{
    private const string Chart = "deploy/helm/aigateway";
    private static readonly JsonSchema Schema = JsonSchema.FromText(Repository.Read($"{Chart}/values.schema.json"));
    private static readonly IReadOnlyDictionary<string, string> Templates =
        Directory.GetFiles(Path.Combine(Repository.Root, Chart, "templates")).ToDictionary(file => Path.GetFileName(file), File.ReadAllText);

    [Test]
    public void Values_FitTheirSchema() => Assert.That(Schema.Evaluate(Values()).IsValid);

    [TestCase("replicas", "0")]
    [TestCase("replicas", "\"2\"")]
    [TestCase("existingSecret", "5")]
    [TestCase("replica", "2", Description = "a misspelt value")]
    [TestCase("settings", """{"Database__Provider": "Sqlite"}""", Description = "replicas cannot share a file")]
    [TestCase("settings", """{"Database__Provider": "Postgres", "AI_GATEWAY_MAX_RETRIES": 3}""", Description = "Kubernetes takes texts alone")]
    public void Schema_ForAWrongValue_RefusesIt(string name, string value)
    {
        var values = Values();
        values[name] = JsonNode.Parse(value);

        Assert.That(Schema.Evaluate(values).IsValid, Is.False);
    }

    [Test]
    public void Settings_OfTheValuesAndTheTemplates_AreKnown()
    {
        var known = KnownSettings.All.Select(each => each.Name.Replace(":", "__", StringComparison.Ordinal)).ToHashSet();
        var used = Values()["settings"]!.AsObject().Select(each => each.Key)
            .Concat(Templates.Values.SelectMany(text => Setting().Matches(text).Select(match => match.Groups["name"].Value)));

        Assert.That(used.Distinct().Where(name => !known.Contains(name)), Is.Empty);
    }

    [Test]
    public void Templates_UseValuesAndNamesThatExist_AndCloseWhatTheyOpen()
    {
        var values = Values();
        var defined = Templates.Values.SelectMany(text => Defined().Matches(text).Select(match => match.Groups["name"].Value)).ToHashSet();

        foreach (var (file, text) in Templates)
        {
            Assert.That(Used().Matches(text).Select(match => match.Groups["path"].Value).Where(path => !Exists(values, path)), Is.Empty, file);
            Assert.That(Included().Matches(text).Select(match => match.Groups["name"].Value).Where(name => !defined.Contains(name)), Is.Empty, file);
            Assert.That(Closed().Count(text), Is.EqualTo(Opened().Count(text)), file);
        }
    }

    [Test]
    public void GracePeriod_IsLongerThanTheDrainAndTheStopOfTheGateway()
    {
        // After the drain, 5 seconds for the last replies and at most 10 for the ledger.
        var stop = (decimal.Parse(KnownSettings.DrainTimeout.Default, CultureInfo.InvariantCulture) / 1000) + 15;

        Assert.That(Values()["terminationGracePeriodSeconds"]!.GetValue<decimal>(), Is.GreaterThan(Values()["drainSeconds"]!.GetValue<decimal>() + stop));
    }

    [Test]
    public void Version_IsThatOfTheProgram()
    {
        var chart = Yaml.Read($"{Chart}/Chart.yaml");

        Assert.That(chart["version"]!.GetValue<string>(), Is.EqualTo(chart["appVersion"]!.GetValue<string>()));
        Assert.That(Repository.Read("Directory.Build.props"), Does.Contain($"<Version>{chart["version"]}</Version>"));
        Assert.That(Repository.Read("Dockerfile"), Does.Contain($"ARG VERSION={chart["version"]}\n"));
    }

    [Test]
    public async Task Chart_RenderedByHelm_HasEveryObject()
    {
        if (!IsHelmInstalled()) Assert.Ignore("Helm is not installed: the templates are not rendered.");
        var chart = Path.Combine(Repository.Root, Chart);
        await Commands.RunAsync(chart, "helm", "lint", "--strict", ".", "--set", "existingSecret=secret");

        var rendered = Yaml.All(await Commands.RunAsync(
            chart, "helm", "template", "test", ".", "--kube-version", "1.31", "--set", "existingSecret=secret", "--set", "autoscaling.enabled=true",
            "--set", "metrics.serviceMonitor.enabled=true", "--set", "configuration.Providers[0].name=local")).ToArray();

        Assert.That(rendered.Select(each => each["kind"]!.GetValue<string>()).Distinct(), Is.EquivalentTo(
        [
            "ConfigMap", "Deployment", "HorizontalPodAutoscaler", "Job", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceMonitor",
        ]));
        var pod = rendered.Single(each => each["kind"]!.GetValue<string>() == "Deployment")["spec"]!["template"]!["spec"]!;
        Assert.That(pod["securityContext"]!["runAsNonRoot"]!.GetValue<bool>());
        Assert.That(pod["containers"]![0]!["securityContext"]!["readOnlyRootFilesystem"]!.GetValue<bool>());
        Assert.That(pod["volumes"]![0]!["secret"]!["secretName"]!.GetValue<string>(), Is.EqualTo("secret"));
    }

    private static JsonObject Values() => Yaml.Read($"{Chart}/values.yaml");

    private static bool Exists(JsonNode? values, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (values is not JsonObject mapping || !mapping.ContainsKey(name)) return false;
            values = mapping[name];
        }

        return true;
    }

    private static bool IsHelmInstalled()
    {
        try
        {
            using var helm = Process.Start(new ProcessStartInfo("helm", ["version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            helm.WaitForExit();
            return helm.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\.Values\.(?<path>\w+(\.\w+)*)")]
    private static partial Regex Used();

    [GeneratedRegex("define \"(?<name>[^\"]+)\"")]
    private static partial Regex Defined();

    [GeneratedRegex("include \"(?<name>[^\"]+)\"")]
    private static partial Regex Included();

    [GeneratedRegex(@"\{\{-? (if|with|range|define) ")]
    private static partial Regex Opened();

    [GeneratedRegex(@"\{\{-? end \}\}")]
    private static partial Regex Closed();

    [GeneratedRegex(@"- name: (?<name>[A-Za-z]+_[A-Za-z_]+)\s")]
    private static partial Regex Setting();
}
