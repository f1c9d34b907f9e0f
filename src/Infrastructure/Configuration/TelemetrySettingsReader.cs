using System.Globalization;
using System.Net;
using AiGateway.Application.Telemetry;
using AiGateway.Application.Telemetry.Metrics;
using AiGateway.Domain;
using AiGateway.Infrastructure.Telemetry;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>Reads the settings of telemetry. The SDK reads the other variables of OpenTelemetry itself.</summary>
internal static class TelemetrySettingsReader
{
    // Each scope has a few time series.
    private const int MostScopes = 100;
    private const string NextNames = "gen_ai_latest_experimental";

    public static TelemetrySettings Read(SettingReader reader) => new()
    {
        ExportsOtlp = reader.Address(KnownSettings.OtlpEndpoint) is not null,
        MetricsPage = ReadMetricsPage(reader),
        CallerTrace = reader.Choice<CallerTrace>(KnownSettings.Traceparent),
        Scopes = ReadScopes(reader),
    };

    public static TelemetryChoices ReadChoices(SettingReader reader) => new()
    {
        CapturesContent = reader.Flag(KnownSettings.CapturesContent),
        UsesNextNames = reader.List(KnownSettings.SemanticConventions).Contains(NextNames),
    };

    private static IPEndPoint? ReadMetricsPage(SettingReader reader)
    {
        if (reader.Text(KnownSettings.MetricsPort) is not { } text) return null;
        if (IsPort(text, out var port)) return new IPEndPoint(IPAddress.Loopback, port);
        if (text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out var address) && address.Port > 0) return address;
        reader.Fault(KnownSettings.MetricsPort, "must be a port from 1 to 65535, or an address and a port such as 0.0.0.0:9464 or [::]:9464");
        return null;
    }

    private static bool IsPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= IPEndPoint.MaxPort;

    private static List<MeasuredScope> ReadScopes(SettingReader reader)
    {
        var scopes = new List<MeasuredScope>();
        foreach (var text in reader.List(KnownSettings.MetricsScopes))
        {
            if (ToScope(text) is { } scope) scopes.Add(scope);
            else reader.Fault(KnownSettings.MetricsScopes, "must be scopes such as team:0199c0de-0000-7000-8000-00000000000a, separated by commas, each an organisation, team, project, user or key");
        }

        if (scopes.Count > MostScopes) reader.Fault(KnownSettings.MetricsScopes, $"must be at most {MostScopes} scopes");
        return scopes;
    }

    private static MeasuredScope? ToScope(string text)
    {
        if (text.Split(':') is not [var name, var written] || !Guid.TryParseExact(written, "D", out var id)) return null;
        foreach (var kind in Enum.GetValues<ScopeKind>())
        {
            if (kind.ToName() == name) return new MeasuredScope(kind, id);
        }

        return null;
    }
}
