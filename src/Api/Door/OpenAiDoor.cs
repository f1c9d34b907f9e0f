namespace AiGateway.Api.Door;

/// <summary>Everything below <c>/v1</c> follows OpenAI's API, errors included.</summary>
internal static class OpenAiDoor
{
    private static readonly PathString Prefix = "/v1";

    public static bool Owns(PathString path) => path.StartsWithSegments(Prefix);
}
