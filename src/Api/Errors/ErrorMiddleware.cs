using AiGateway.Domain;

namespace AiGateway.Api.Errors;

/// <summary>Turns every exception, and every error status that the framework left without a body, into one reply.</summary>
internal sealed partial class ErrorMiddleware(RequestDelegate next, ErrorWriter errors, ILogger<ErrorMiddleware> logger)
{
    private static readonly TimeSpan DatabaseRetry = TimeSpan.FromSeconds(2);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (IsBare(context.Response) && ErrorTable.FromBareStatus(context.Response.StatusCode) is { } failure)
                await errors.WriteAsync(context, failure);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = ErrorTable.Of(ErrorCode.ClientClosedRequest).Status;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var failure = Classify(exception);
            if (failure.Code == ErrorCode.InternalError) Log.Unexpected(logger, exception);
            else if (failure.Code == ErrorCode.LedgerUnavailable) Log.NoDatabase(logger, exception.GetType().Name, exception.Message);
            await errors.WriteAsync(context, failure);
        }
    }

    private static bool IsBare(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0, ContentType: null };

    private static AiGatewayException Classify(Exception exception) => exception switch
    {
        AiGatewayException known => known,
        BadHttpRequestException bad => ErrorTable.FromBareStatus(bad.StatusCode)
            ?? new AiGatewayException(ErrorCode.InvalidRequest, "The request could not be read."),
        _ when DatabaseFailure.In(exception) is not null =>
            new AiGatewayException(ErrorCode.LedgerUnavailable, "The database does not answer.") { RetryAfter = DatabaseRetry },
        _ => new AiGatewayException(ErrorCode.InternalError, "The gateway failed. Its log names the cause under this request id."),
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Unexpected failure")]
        public static partial void Unexpected(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "The database does not answer: {Kind}: {Problem}")]
        public static partial void NoDatabase(ILogger logger, string kind, string problem);
    }
}
