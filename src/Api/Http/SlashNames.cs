namespace AiGateway.Api.Http;

/// <summary>Names in a path that may contain slashes, such as <c>meta-llama/llama-4</c>.</summary>
internal static class SlashNames
{
    /// <summary>The name in a path. The server decodes every escape of a path except that of the slash.</summary>
    public static string Decode(string name) => name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
