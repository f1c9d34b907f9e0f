using AiGateway.Domain;

namespace AiGateway.Api.Errors;

/// <summary>Failures in the form of other vendors' APIs, for clients that were pointed here by mistake.</summary>
internal static class ForeignErrors
{
    /// <summary>As Google's SDKs read it.</summary>
    public static object ToGoogle(AiGatewayException failure)
    {
        var status = ErrorTable.StatusOf(failure);
        return new { error = new { code = status, message = failure.Message, status = GoogleStatusOf(status) } };
    }

    private static string GoogleStatusOf(int status) => status switch
    {
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        < 500 => "INVALID_ARGUMENT",
        _ => "INTERNAL",
    };
}
