using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Infrastructure.Configuration;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Deployment;

/// <summary>What compose.yaml promises: names that exist, no default password, containers with few rights, and enough time to stop.</summary>
internal sealed partial class ComposeTests
{
    private static readonly JsonObject File = Yaml.Read("compose.yaml");
    private static readonly JsonObject Services = File["services"]!.AsObject();
    private static readonly string[] Gateways = ["gateway-1", "gateway-2", "gateway-sqlserver"];

    [TestCase("", new[] { "gateway-1", "gateway-2", "postgres", "proxy" })]
    [TestCase("observability", new[] { "collector", "grafana", "prometheus" })]
    [TestCase("sqlserver", new[] { "gateway-sqlserver", "sqlserver" })]
    public void Profile_HasItsServices(string profile, string[] services) => Assert.That(
        Services.Where(each => (each.Value!["profiles"]?[0]?.GetValue<string>() ?? "") == profile).Select(each => each.Key),
        Is.EquivalentTo(services));

    [Test]
    public void Variables_OfGateways_AreSettings()
    {
        var settings = KnownSettings.All.Select(each => each.Name.Replace(":", "__", StringComparison.Ordinal));

        foreach (var gateway in Gateways) Assert.That(settings, Is.SupersetOf(Names(Services[gateway]!["environment"])), gateway);
    }

    [Test]
    public void Secrets_AreFilesOutsideTheRepository_OrEmpty()
    {
        // SQL Server takes no file. It does not start with an empty password.
        Assert.That(Secret().Matches(Repository.Read("compose.yaml")).Select(match => match.Value).Distinct(), Is.EqualTo(["${MSSQL_SA_PASSWORD:-}"]));
        foreach (var (name, secret) in File["secrets"]!.AsObject()) Assert.That(secret!["file"]!.GetValue<string>(), Is.EqualTo($"./secrets/{name}"));
        Assert.That(Repository.Read(".gitignore").Split('\n'), Does.Contain("secrets/"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "the script is for a machine with docker and bash")]
    public async Task Script_MakesEverySecret_WhichTheGatewayReads()
    {
        using var folder = new TempFolder();
        var secrets = folder.File("secrets");
        var script = Path.Combine(Repository.Root, "deploy/compose/secrets.sh");

        await Commands.RunAsync(folder.Path, "env", $"OPENAI_API_KEY={GatewayHost.ProviderKey}", "bash", script, secrets);
        Assert.That(Directory.GetFiles(secrets).Select(Path.GetFileName), Is.EquivalentTo(Names(File["secrets"])));
        var key = await System.IO.File.ReadAllTextAsync(Path.Combine(secrets, "AI_GATEWAY_BOOTSTRAP_KEY"));
        Assert.That(await Commands.RunAsync(folder.Path, "env", "OPENAI_API_KEY=another", "bash", script, secrets), Is.Empty, "what is there stays");

        // The connection string of the process comes before that of the file, which names a server of the containers.
        await using var gateway = await GatewayProcess.ServeAsync(
            folder.Path, ("AI_GATEWAY_SECRETS_FOLDER", secrets), ("AI_GATEWAY_CHECK_INTERVAL", "0"));
        (await gateway.Caller(key).GetAsync("/api/v1/admin/users")).Expect(200);
    }

    [Test]
    public void Services_AreStoppedLaterThanTheGatewayStopsByItself()
    {
        foreach (var name in Gateways.Append("proxy").Append("postgres"))
            Assert.That(Services[name]!["stop_grace_period"]!.GetValue<string>(), Is.EqualTo("60s"), name);
    }

    [Test]
    public void Gateways_AreReadOnly_WithoutCapabilities()
    {
        foreach (var gateway in Gateways.Append("proxy").Select(name => Services[name]!))
        {
            Assert.That(gateway["read_only"]!.GetValue<bool>());
            Assert.That(gateway["cap_drop"]!.ToJsonString(), Is.EqualTo("""["ALL"]"""));
            Assert.That(gateway["security_opt"]!.ToJsonString(), Is.EqualTo("""["no-new-privileges:true"]"""));
        }
    }

    [Test]
    public void Names_LeadToVolumesNetworksSecretsServicesAndFiles()
    {
        foreach (var (name, service) in Services)
        {
            Assert.That(Names(File["networks"]), Is.SupersetOf(Names(service!["networks"])), name);
            Assert.That(Names(File["secrets"]), Is.SupersetOf(Names(service["secrets"])), name);
            Assert.That(Names(Services), Is.SupersetOf(Names(service["depends_on"])), name);
            foreach (var source in Names(service["volumes"]).Select(volume => volume.Split(':')[0]))
            {
                if (source.StartsWith('.')) Assert.That(Path.Combine(Repository.Root, source), Does.Exist);
                else Assert.That(Names(File["volumes"]), Does.Contain(source));
            }
        }
    }

    [Test]
    public void Ports_AreOpenOnThisMachineAlone() => Assert.That(
        Services.SelectMany(service => Names(service.Value!["ports"])), Is.All.StartsWith("${BIND:-127.0.0.1}:").And.Not.Empty);

    [Test]
    public void Gateways_TrustTheProxyAlone_WhichKnowsTheirAddresses()
    {
        var proxy = Services["proxy"]!;

        Assert.That(proxy["environment"]!["GATEWAY_1"]!.GetValue<string>(), Is.EqualTo($"{AddressOf("gateway-1")}:8080"));
        Assert.That(proxy["environment"]!["GATEWAY_2"]!.GetValue<string>(), Is.EqualTo($"{AddressOf("gateway-2")}:8080"));
        foreach (var gateway in Gateways[..2])
            Assert.That(Services[gateway]!["environment"]!["AI_GATEWAY_TRUSTED_PROXIES"]!.GetValue<string>(), Is.EqualTo(AddressOf("proxy")));
    }

    [Test]
    public void Prometheus_ReadsThePagesOfBothGateways()
    {
        var targets = Yaml.Read("deploy/compose/prometheus.yml")["scrape_configs"]![0]!["static_configs"]![0]!["targets"];

        Assert.That(Names(targets), Is.EqualTo(["gateway-1:9464", "gateway-2:9464"]));
        Assert.That(Services["gateway-1"]!["environment"]!["AI_GATEWAY_METRICS_PORT"]!.GetValue<string>(), Does.EndWith(":9464"));
    }

    private static string AddressOf(string service) => Services[service]!["networks"]!["front"]!["ipv4_address"]!.GetValue<string>();

    private static IEnumerable<string> Names(JsonNode? node) => node switch
    {
        null => [],
        JsonArray list => list.Select(each => each!.GetValue<string>()),
        _ => node.AsObject().Select(each => each.Key),
    };

    [GeneratedRegex(@"\$\{\w*(KEY|PASSWORD|SECRET|TOKEN)\w*(:\?|:?-[^}]*\})?")]
    private static partial Regex Secret();
}
