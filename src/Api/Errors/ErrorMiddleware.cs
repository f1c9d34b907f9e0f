using AiGateway.Domain;

namespace AiGateway.Api.Errors;

/// <summary>Turns every exception, and every error status that the framework left without a body, into one reply.</summary>
internal sealed partial class ErrorMiddleware(RequestDelegate next, ErrorWriter errors, ILogger<ErrorMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (IsBare(context.Response) && BareFailures.Of(context) is { } failure)
                await errors.WriteAsync(context, failure);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted) context.Response.StatusCode = ErrorTable.Of(ErrorCode.ClientClosedRequest).Status;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var failure = Classify(exception);
            if (failure.Code == ErrorCode.InternalError) Log.Unexpected(logger, exception);
            else if (failure.Code == ErrorCode.LedgerUnavailable) Tell(failure.InnerException ?? failure);
            await errors.WriteAsync(context, failure);
        }
    }

    private void Tell(Exception cause) => Log.NoLedger(logger, cause.GetType().Name, cause.Message);

    private static bool IsBare(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0, ContentType: null };

    private static AiGatewayException Classify(Exception exception) => exception switch
    {
        AiGatewayException known => known,
        BadHttpRequestException bad => ErrorTable.FromBareStatus(bad.StatusCode)
            ?? new AiGatewayException(ErrorCode.InvalidRequest, "The request could not be read."),

        // From the endpoints of accounts and administration, which send nothing to a provider.
        _ when DatabaseFailure.In(exception) is { } cause => new LedgerUnavailableException(cause),
        _ => new AiGatewayException(ErrorCode.InternalError, "The gateway failed. Retry later, or give the request id to the operator: the log shows the cause."),
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Unexpected failure")]
        public static partial void Unexpected(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "The usage ledger is unavailable: {Kind}: {Problem}")]
        public static partial void NoLedger(ILogger logger, string kind, string problem);
    }
}
