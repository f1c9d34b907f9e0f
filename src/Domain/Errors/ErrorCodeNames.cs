using System.Collections.Frozen;
using System.Text.Json;

namespace AiGateway.Domain;

/// <summary>The names of error codes on the wire and in usage records: snake case.</summary>
public static class ErrorCodeNames
{
    private static readonly FrozenDictionary<ErrorCode, string> Names =
        Enum.GetValues<ErrorCode>().ToFrozenDictionary(code => code, code => JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString()));

    /// <summary>Such as <c>quota_exceeded</c>.</summary>
    public static string ToName(this ErrorCode code) => Names[code];
}
