using AiGateway.Infrastructure.Providers;
using AiGateway.Infrastructure.Providers.Credentials;

namespace AiGateway.Infrastructure.Configuration.Providers;

/// <summary>
/// Reads <c>apiKey</c>: a key, <c>env:NAME</c>, <c>file:PATH</c>, or <c>entra</c>. Where the variable <c>NAME</c> is not set,
/// <c>NAME_FILE</c> may name the file. A fault never repeats the value.
/// </summary>
internal static class CredentialReader
{
    private const string Member = "apiKey";
    private const string FromEnvironment = "env:";
    private const string FromFile = "file:";
    private const string FileSuffix = "_FILE";
    private const string FromEntra = "entra";
    private const string Bearer = "Bearer ";

    // Servers that need no key ignore it; most clients send one.
    private const string NoKey = "none";

    public static ProviderCredential Read(SectionReader provider, ProviderPreset preset)
    {
        var given = ToFile(provider.Text(Member));
        if (given is null && !preset.IsLocal) provider.Fault(Member, $"is required for the preset {preset.Name}");
        if (given is FromEntra) return EntraToken.OfTheProcess();
        if (given?.StartsWith(FromFile, StringComparison.Ordinal) == true) return OfFile(provider, preset, given[FromFile.Length..]);
        if (given?.StartsWith(FromEnvironment, StringComparison.Ordinal) == true) given = OfEnvironment(provider, given[FromEnvironment.Length..]);
        else if (given is not null && !IsHeaderText(given)) provider.Fault(Member, "must be visible ASCII characters without white space");
        return new FixedKey(given ?? NoKey) { Header = preset.KeyHeader, Prefix = PrefixOf(preset) };
    }

    private static string? ToFile(string? given)
    {
        if (given?.StartsWith(FromEnvironment, StringComparison.Ordinal) != true) return given;
        var name = given[FromEnvironment.Length..];
        var path = Environment.GetEnvironmentVariable(name + FileSuffix);
        return !string.IsNullOrEmpty(path) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)) ? FromFile + path : given;
    }

    private static string? OfEnvironment(SectionReader provider, string name)
    {
        var key = Environment.GetEnvironmentVariable(name)?.Trim();
        if (string.IsNullOrEmpty(key)) provider.Fault(Member, $"names the environment variable {name}, which is not set");
        else if (!IsHeaderText(key)) provider.Fault(Member, $"names the environment variable {name}, which must hold visible ASCII characters without white space");
        return key;
    }

    private static KeyFile OfFile(SectionReader provider, ProviderPreset preset, string path)
    {
        if (KeyFile.Read(path) is null) provider.Fault(Member, "names a file that cannot be read or holds no key of visible ASCII characters");
        return new KeyFile(path, TimeProvider.System) { Header = preset.KeyHeader, Prefix = PrefixOf(preset) };
    }

    private static string PrefixOf(ProviderPreset preset) => preset.KeyHeader == "Authorization" ? Bearer : "";

    private static bool IsHeaderText(string text) => text.All(character => character is > ' ' and <= '~');
}
