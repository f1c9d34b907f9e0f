using AiGateway.Application;
using AiGateway.Application.Requests;
using AiGateway.Application.Routing;
using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration.Providers;
using AiGateway.Infrastructure.Configuration.SignIn;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Pricing;
using AiGateway.Infrastructure.Providers;
using AiGateway.Infrastructure.Providers.Echo;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>Builds the settings, and warns of values that are allowed but unwise.</summary>
internal static class GatewaySettingsReader
{
    private const int MinBootstrapKeyLength = 8;
    private const int StrongBootstrapKeyLength = 32;
    private const int MaxNameLength = 200;

    // They may be named whether they are configured or not.
    private static readonly string[] WellKnown = [ProviderShorthand.OpenAi, ProviderShorthand.Azure, EchoModelAdapter.ProviderName];

    public static GatewaySettings Read(SettingReader reader)
    {
        var warnings = new List<string>();
        var provider = ReadProvider(reader);
        var providers = ProviderSetupReader.Read(reader, provider, warnings);
        var defaults = ReadDefaults(reader);
        var settings = new GatewaySettings
        {
            Defaults = defaults,
            Provider = provider,
            Providers = providers,
            ProviderChecks = ReadProviderChecks(reader),
            Database = DatabaseSettingsReader.Read(reader),
            Ledger = ReadLedger(reader),
            DrainTimeout = reader.Milliseconds(KnownSettings.DrainTimeout, 0, 3_600_000),
            Routing = new RoutingPolicy(ReadProviderOrder(reader, providers), reader.Flag(KnownSettings.ProviderFallback)) { MaxRetries = provider.MaxRetries },
            RateLimit = new RateLimitSettings((int?)reader.WholeOrUnlimited(KnownSettings.RateLimit, 1, 1_000_000)),
            RequestLimits = RequestLimitSettingsReader.Read(reader),
            TrustedProxies = RequestLimitSettingsReader.ReadTrustedProxies(reader),
            Authentication = AuthenticationSettingsReader.Read(reader, defaults.Limits, warnings),
            Cors = new CorsSettings(ReadOrigins(reader)),
            Console = ConsoleSettingsReader.Read(reader),
            Telemetry = TelemetrySettingsReader.Read(reader),
            Docs = new DocsSettings(reader.Flag(KnownSettings.Docs)),
            ReplyHeaders = new ReplyHeaderSettings(reader.Flag(KnownSettings.ReplyHeaders)),
            BootstrapKey = ReadBootstrapKey(reader, warnings),
            PricesFile = ReadPricesFile(reader),
            Warnings = warnings,
        };
        return reader.Faults.Count == 0 ? settings : throw new ConfigurationFaultsException(reader.Faults);
    }

    private static GatewayDefaults ReadDefaults(SettingReader reader)
    {
        var model = reader.Text(KnownSettings.OpenAiModel)!;
        if (model.Length > MaxNameLength || model.Any(character => char.IsControl(character) || char.IsWhiteSpace(character)))
            reader.Fault(KnownSettings.OpenAiModel, $"must be at most {MaxNameLength} characters without white space");
        return new GatewayDefaults
        {
            Model = model,
            UnknownOutcome = reader.Choice<UnknownOutcome>(KnownSettings.UnknownOutcome),
            MaxTokens = reader.Whole(KnownSettings.OpenAiMaxTokens, 1, 1_000_000),
            LowersOutputLimit = reader.Flag(KnownSettings.LowerOutputLimit),
            Limits = new QuotaLimits(
                reader.Limit(KnownSettings.DailyLimit),
                reader.Limit(KnownSettings.MonthlyLimit),
                reader.SpendLimit(KnownSettings.MonthlySpendLimit)),
            ProviderTools = reader.Choice<ProviderToolRule>(KnownSettings.ProviderTools),
            AllowedMembers = ReadAllowedMembers(reader),
            Telemetry = TelemetrySettingsReader.ReadChoices(reader),
        };
    }

    private static IReadOnlyList<string> ReadAllowedMembers(SettingReader reader)
    {
        var names = reader.List(KnownSettings.AllowedMembers);
        if (!names.All(UnpricedMembers.Reasons.ContainsKey))
            reader.Fault(KnownSettings.AllowedMembers, $"must be any of {string.Join(", ", UnpricedMembers.Reasons.Keys.Order(StringComparer.Ordinal))}, separated by commas");
        return names;
    }

    private static ProviderSettings ReadProvider(SettingReader reader)
    {
        const long Low = 100;
        const long High = 3_600_000;
        var timeout = reader.Milliseconds(KnownSettings.RequestTimeout, Low, High);
        var reasoning = reader.Milliseconds(KnownSettings.ReasoningTimeout, Low, High);
        TimeSpan? attempt = reader.IsSet(KnownSettings.AttemptTimeout) ? reader.Milliseconds(KnownSettings.AttemptTimeout, Low, High) : null;
        var (longest, its) = reasoning > timeout ? (reasoning, KnownSettings.ReasoningTimeout) : (timeout, KnownSettings.RequestTimeout);
        if (attempt > longest)
            reader.Fault(KnownSettings.AttemptTimeout, $"must be at most {its.Name} ({longest.TotalMilliseconds:0} ms)");
        return new ProviderSettings
        {
            Timeout = timeout,
            ReasoningTimeout = reasoning,
            AttemptTimeout = attempt,
            StreamIdleTimeout = reader.Milliseconds(KnownSettings.StreamIdleTimeout, Low, High),
            MaxRetries = (int)reader.Whole(KnownSettings.MaxRetries, 0, 10),
        };
    }

    private static ProviderCheckSettings ReadProviderChecks(SettingReader reader)
    {
        var interval = reader.Whole(KnownSettings.CheckInterval, 0, 3_600_000);
        if (interval is > 0 and < 15_000) reader.Fault(KnownSettings.CheckInterval, "must be 0 or at least 15000");
        return new ProviderCheckSettings(TimeSpan.FromMilliseconds(interval));
    }

    private static LedgerSettings ReadLedger(SettingReader reader) => new()
    {
        HoldLease = reader.Milliseconds(KnownSettings.HoldLease, 2_000, 3_600_000),
        CommitTimeout = reader.Milliseconds(KnownSettings.LedgerTimeout, 100, 60_000),
        QueueCapacity = (int)reader.Whole(KnownSettings.LedgerQueue, 1, 1_000_000),
    };

    private static IReadOnlyList<string> ReadProviderOrder(SettingReader reader, ProviderSetup providers)
    {
        var order = reader.List(KnownSettings.ProviderOrder);
        if (order.Distinct(StringComparer.Ordinal).Count() < order.Count)
            reader.Fault(KnownSettings.ProviderOrder, "must not name a provider twice");
        var known = providers.Names.Union(WellKnown).ToArray();
        if (!order.All(known.Contains))
            reader.Fault(KnownSettings.ProviderOrder, $"must be any of {string.Join(", ", known)}, separated by commas");
        return order;
    }

    private static List<string> ReadOrigins(SettingReader reader)
    {
        var origins = new List<string>();
        foreach (var text in reader.List(KnownSettings.CorsOrigins))
        {
            if (text == "*" && reader.IsDevelopment)
                origins.Add(text);
            else if (text == "*")
                reader.Fault(KnownSettings.CorsOrigins, "must not be * outside Development: name the origins");
            else if (SettingReader.IsAddress(text, out var origin) && origin!.AbsolutePath == "/")
                origins.Add(origin.GetLeftPart(UriPartial.Authority));
            else
                reader.Fault(KnownSettings.CorsOrigins, "must be origins such as https://app.example.com, without a path, separated by commas");
        }

        return origins;
    }

    private static string? ReadBootstrapKey(SettingReader reader, List<string> warnings)
    {
        var key = reader.HeaderText(KnownSettings.BootstrapKey);
        var least = reader.IsDevelopment ? MinBootstrapKeyLength : StrongBootstrapKeyLength;
        if (key is not null && key.Length < least)
            reader.Fault(KnownSettings.BootstrapKey, $"must be at least {least} characters{(reader.IsDevelopment ? "" : " outside Development, long and random")}");
        else if (key is { Length: < StrongBootstrapKeyLength })
            warnings.Add($"{KnownSettings.BootstrapKey.Name} has fewer than {StrongBootstrapKeyLength} characters: make it long and random before anyone else can reach the gateway.");
        return key;
    }

    /// <summary>The price book reads the file too. It is read here as well to list its faults with all others.</summary>
    private static string? ReadPricesFile(SettingReader reader)
    {
        var path = reader.Text(KnownSettings.PricesFile);
        if (path is null) return null;
        try
        {
            PriceBook.Load(path);
        }
        catch (PriceFileException faulty)
        {
            reader.Fault(ConfigurationFaultsException.Of(faulty).Faults);
        }

        return path;
    }
}
