using MediatR;
using Microsoft.Extensions.Logging;

namespace AiGateway.Application.Administration;

/// <summary>One log line for each administrative change: actor, action, target. A refused change is not logged.</summary>
internal sealed class AdministrationLog<TRequest, TResponse>(ILogger<AdministrationLog> logger) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IAdministrativeChange<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var response = await next();
        var (name, target, detail) = request.Describe(response);
        var by = request.By;
        AdministrationLog.Done(logger, name, target, detail, by.UserId, by.ApiKeyId, by.RequestId);
        return response;
    }
}

/// <summary>The category of the log lines, and their form.</summary>
internal sealed partial class AdministrationLog
{
    [LoggerMessage(1, LogLevel.Information,
        "Administration: {Action} {Target} [{Detail}] by user {ActorUserId}, key {ActorKeyId}, request {RequestId}")]
    public static partial void Done(
        ILogger logger, string action, string target, string detail, Guid? actorUserId, Guid? actorKeyId, Guid? requestId);
}
