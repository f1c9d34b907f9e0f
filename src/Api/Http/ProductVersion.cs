namespace AiGateway.Api.Http;

/// <summary>The version of this build.</summary>
internal static class ProductVersion
{
    /// <summary>Such as <c>0.1.0</c>.</summary>
    public static readonly string Text = typeof(Program).Assembly.GetName().Version!.ToString(fieldCount: 3);
}
