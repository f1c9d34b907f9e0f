namespace AiGateway.Infrastructure.Providers.Credentials;

/// <summary>A key in a file, such as a mounted secret. The file is read again ten seconds after the last read.</summary>
public sealed class KeyFile(string path, TimeProvider time) : ProviderCredential
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);

    // One reference, replaced as a whole: readers see key and time together.
    private volatile Reading? _last;

    /// <inheritdoc/>
    public override string? Last => _last?.Key;

    /// <inheritdoc/>
    public override ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_last is { } last && now - last.At < MaxAge) return new(last.Key);
        _last = new Reading(Read(path) ?? _last?.Key ?? throw Unavailable("The file of the key cannot be read, or holds no key."), now);
        return new(_last.Key);
    }

    /// <summary>The key in a file; null when it cannot be read or holds none.</summary>
    public static string? Read(string path)
    {
        try
        {
            var key = File.ReadAllText(path).Trim();
            return key.Length > 0 && key.All(character => character is > ' ' and <= '~') ? key : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record Reading(string Key, DateTimeOffset At);
}
