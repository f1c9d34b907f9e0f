using System.Text.Json;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Deployment;

/// <summary>The instructions of a Dockerfile, in order, with continued lines joined and comments left out.</summary>
internal sealed record Dockerfile(IReadOnlyList<(string Name, string Arguments)> Instructions)
{
    /// <summary>The Dockerfile of the repository.</summary>
    public static Dockerfile Read() => Parse(Repository.Read("Dockerfile"));

    public static Dockerfile Parse(string text) => new(
    [
        .. text.ReplaceLineEndings("\n").Replace("\\\n", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(' ', 2, StringSplitOptions.TrimEntries))
            .Select(parts => (parts[0], parts[1])),
    ]);

    /// <summary>The instructions that make the image itself: those of the last stage.</summary>
    public Dockerfile Image => new([.. Instructions.Skip(Instructions.ToList().FindLastIndex(each => each.Name == "FROM"))]);

    /// <summary>The program that the image starts.</summary>
    public string[] EntryPoint => JsonSerializer.Deserialize<string[]>(this["ENTRYPOINT"])!;

    /// <summary>The command that says whether a container is healthy, without a shell.</summary>
    public string[] HealthCheck => JsonSerializer.Deserialize<string[]>(this["HEALTHCHECK"][this["HEALTHCHECK"].IndexOf('[')..])!;

    /// <summary>The variables that the image sets.</summary>
    public IEnumerable<(string Name, string Value)> Environment =>
        this["ENV"].Split(' ').Select(pair => pair.Split('=', 2)).Select(pair => (pair[0], pair[1]));

    /// <summary>The arguments of the only instruction with a name.</summary>
    public string this[string name] => Instructions.Single(each => each.Name == name).Arguments;
}
