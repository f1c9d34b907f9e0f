using System.Security.Cryptography;
using System.Text;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Requests;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers;

namespace AiGateway.Infrastructure.Configuration.Providers;

/// <summary>Reads the list <c>Providers</c>. docs/providers.md describes its members.</summary>
internal sealed class ProviderListReader(SettingReader reader, ProviderSettings defaults)
{
    public const string Section = "Providers";
    private const int MaxNameLength = 60;
    private const int MaxModelLength = 200;
    private const long MaxRate = 1_000_000_000_000;

    public IReadOnlyList<ProviderAccount> Read()
    {
        var accounts = new List<ProviderAccount>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in reader.Section(Section).GetChildren())
        {
            var provider = new SectionReader(item, reader);
            if (Read(provider) is not { } account) continue;
            if (!names.Add(account.Name)) provider.Fault("name", "must be unique");
            accounts.Add(account);
        }

        return accounts;
    }

    private ProviderAccount? Read(SectionReader provider)
    {
        var name = ReadName(provider);
        var preset = ReadPreset(provider);
        var version = provider.Text("apiVersion");
        var wire = ReadWire(provider, preset);
        var address = ReadAddress(provider, preset, wire, version);
        var credential = CredentialReader.Read(provider, preset);
        var account = new ProviderAccount
        {
            Name = name ?? "",
            BaseUrl = address ?? new Uri("http://unknown.invalid"),
            Credential = credential,
            AzureApiVersion = version,
            Profile = ReadQuirks(provider.Object("quirks"), preset.Profile),
            ChatWire = wire,
            RateLimitNamesWait = preset.RateLimitNamesWait,
            Operations = ReadWires(provider, preset, wire),
            Organization = provider.Text("organization"),
            Project = provider.Text("project"),
            Models = ReadModels(provider),
            PricedAs = provider.Words("pricedAs") ?? preset.SellersFor(name ?? ""),
            Settings = ReadSettings(provider),
            MaxConnections = (int?)provider.Whole("maxConnections", 1, 1_000_000),
            SendsTraceparent = provider.Flag("sendsTraceparent") ?? false,
            Proxy = provider.Address("proxy"),
            Fingerprint = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(provider.Content()))),
        };
        if (version is not null && preset.Name != ProviderPreset.AzureName) provider.Fault("apiVersion", "belongs to the preset azure alone");
        provider.RefuseOthers();
        return name is null || address is null ? null : account;
    }

    private static string? ReadName(SectionReader provider)
    {
        if (provider.RequiredText("name") is not { } name) return null;
        if (name.Length <= MaxNameLength && char.IsAsciiLetterLower(name[0]) && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_'))
            return name;
        provider.Fault("name", $"must be at most {MaxNameLength} lower-case letters, digits, hyphens and underscores, with a letter first");
        return null;
    }

    private static ProviderPreset ReadPreset(SectionReader provider)
    {
        var generic = ProviderPreset.Find(ProviderPreset.GenericName)!;
        if (provider.Text("preset") is not { } name) return generic;
        if (ProviderPreset.Find(name) is { } preset) return preset;
        provider.Fault("preset", $"must be one of {string.Join(", ", ProviderPreset.Names)}");
        return generic;
    }

    private static Uri? ReadAddress(SectionReader provider, ProviderPreset preset, WireKind wire, string? version)
    {
        var given = provider.Address("baseUrl");
        if (given is not null && wire == WireKind.AnthropicMessages) return WithoutVersion(given);
        if (given is not null) return preset.Name == ProviderPreset.AzureName && version is null ? WithAzurePath(given) : given;
        if (preset.UrlFor(wire) is { } known) return new Uri(known);
        if (provider.Text("baseUrl") is null) provider.Fault("baseUrl", $"is required for the preset {preset.Name}{(wire == preset.ChatWire ? "" : $" with the wire {WireNames.Anthropic}")}");
        return null;
    }

    // The version is part of each path of this wire.
    private static Uri WithoutVersion(Uri given)
    {
        var address = given.AbsoluteUri.TrimEnd('/');
        return address.EndsWith("/v1", StringComparison.Ordinal) ? new Uri(address[..^3]) : given;
    }

    // The address of the resource is enough.
    private static Uri WithAzurePath(Uri resource) => resource.AbsolutePath == "/" ? new Uri(resource, "openai/v1") : resource;

    private static OpenAiProfile ReadQuirks(SectionReader? quirks, OpenAiProfile profile)
    {
        if (quirks is null) return profile;
        var read = profile with
        {
            OutputLimit = ReadOutputLimit(quirks) ?? profile.OutputLimit,
            SendsStreamOptions = quirks.Flag("sendsStreamOptions") ?? profile.SendsStreamOptions,
            RepairsFinishReason = quirks.Flag("repairsFinishReason") ?? profile.RepairsFinishReason,
            BillsAbortedCalls = quirks.Flag("billsAbortedCalls") ?? profile.BillsAbortedCalls,
            ChargesReportedCost = quirks.Flag("chargesReportedCost") ?? profile.ChargesReportedCost,
            DroppedMembers = quirks.Words("droppedMembers") ?? profile.DroppedMembers,
        };
        quirks.RefuseOthers();
        return read;
    }

    private static OutputLimitName? ReadOutputLimit(SectionReader quirks)
    {
        switch (quirks.Text("outputLimit"))
        {
            case null:
                return null;
            case OutputLimit.Older:
                return OutputLimitName.MaxTokens;
            case OutputLimit.Newer:
                return OutputLimitName.MaxCompletionTokens;
            default:
                quirks.Fault("outputLimit", $"must be {OutputLimit.Older} or {OutputLimit.Newer}");
                return null;
        }
    }

    private static WireKind ReadWire(SectionReader provider, ProviderPreset preset)
    {
        switch (provider.Text("wire"))
        {
            case null:
                return preset.ChatWire;
            case WireNames.Anthropic:
                return WireKind.AnthropicMessages;
            case WireNames.OpenAi when preset.ChatWire == WireKind.OpenAiChat:
                return WireKind.OpenAiChat;
            default:
                provider.Fault("wire", preset.ChatWire == WireKind.OpenAiChat ? $"must be {WireNames.OpenAi} or {WireNames.Anthropic}" : $"must be {WireNames.Anthropic} for the preset {preset.Name}");
                return preset.ChatWire;
        }
    }

    private static IReadOnlySet<ModelOperation> ReadWires(SectionReader provider, ProviderPreset preset, WireKind wire)
    {
        var given = provider.Words("wires");
        if (wire == WireKind.AnthropicMessages)
        {
            if (given is not null) provider.Fault("wires", $"has no meaning beside the wire {WireNames.Anthropic}. Leave it out");
            return ProviderAccount.ChatAlone;
        }

        if (given is not { } words) return preset.Operations;
        var operations = new HashSet<ModelOperation>();
        foreach (var word in words)
        {
            if (WireNames.Find(word) is { } operation) operations.Add(operation);
            else provider.Fault("wires", $"must be any of {string.Join(", ", WireNames.All)}");
        }

        return operations;
    }

    private static Dictionary<string, ProviderModel> ReadModels(SectionReader provider)
    {
        var models = new Dictionary<string, ProviderModel>(StringComparer.Ordinal);
        foreach (var item in provider.Items("models"))
        {
            var name = item.RequiredName("name", MaxModelLength);
            var upstream = item.Text("upstream") ?? name;
            var timeout = item.Milliseconds("requestTimeout");
            item.RefuseOthers();
            if (name is not null && !models.TryAdd(name, new ProviderModel(name, upstream!, timeout))) item.Fault("name", "must be unique");
        }

        return models;
    }

    private ProviderSettings ReadSettings(SectionReader provider)
    {
        var timeout = provider.Milliseconds("requestTimeout");
        var attempt = provider.Milliseconds("attemptTimeout");
        return defaults with
        {
            Timeout = timeout ?? defaults.Timeout,
            ReasoningTimeout = provider.Milliseconds("reasoningTimeout") ?? timeout ?? defaults.ReasoningTimeout,
            AttemptTimeout = attempt ?? defaults.AttemptTimeout,
            StreamIdleTimeout = provider.Milliseconds("streamIdleTimeout") ?? defaults.StreamIdleTimeout,
            RequestsPerMinute = provider.Whole("requestsPerMinute", 1, MaxRate),
            TokensPerMinute = provider.Whole("tokensPerMinute", 1, MaxRate),
        };
    }
}
