using AiGateway.Application.Administration;
using AiGateway.Application.ApiKeys;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Audit;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Startup;

/// <summary>Creates the administrator in an empty database, and in Development also a test user.</summary>
internal sealed class FirstStart(IDbContextFactory<GatewayContext> contexts, IApiKeySecrets secrets, TimeProvider time)
{
    private const string AdminName = "admin";
    private const string TestName = "test";

    private static readonly Guid AdminId = User.FirstAdministratorId;
    private static readonly Guid TestId = new("00000000-0000-7000-8000-000000000002");

    /// <summary>Null when users exist already, or another process created them first.</summary>
    public async Task<FirstStartResult?> RunAsync(string? bootstrapKey, bool isDevelopment, CancellationToken cancellationToken)
    {
        const string FindUser = "SELECT CASE WHEN EXISTS (SELECT 1 FROM users) THEN 1 ELSE 0 END";
        if (await contexts.ReadAsync(FindUser, [], static row => row.GetInt32(0), cancellationToken) is [1]) return null;

        var secret = bootstrapKey ?? secrets.Create();
        var now = time.GetUtcNow();
        var isFirst = await contexts.ChangeAsync(
            Actor.Start, now, (empty, attempt) => FillAsync(empty, secret, isDevelopment, now, attempt), cancellationToken);
        return isFirst ? new FirstStartResult(AdminId, AdminName, secrets.PrefixOf(secret), bootstrapKey is null ? secret : null) : null;
    }

    private async Task<Audited<bool>> FillAsync(
        GatewayContext context, string secret, bool isDevelopment, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await context.Users.AnyAsync(cancellationToken)) return new(false);
        var changes = AddAdmin(context, secret, now);
        return new(true, isDevelopment ? [.. changes, .. AddTestUser(context, now)] : changes);
    }

    private AuditedChange[] AddAdmin(GatewayContext context, string secret, DateTimeOffset now)
    {
        var admin = new User { Id = AdminId, Name = AdminName, CreatedAt = now };
        var key = new ApiKey
        {
            Id = Guid.CreateVersion7(now),
            UserId = AdminId,
            Name = "bootstrap",
            Prefix = secrets.PrefixOf(secret),
            Hash = secrets.HashOf(secret),
            Scopes = string.Join(' ', Scopes.All),
            CreatedAt = now,
        };
        context.Users.Add(admin);
        context.ApiKeys.Add(key);
        return
        [
            new(AdminActions.CreateUser, AdminTargets.User, AdminId, before: null, UserState.Of(admin)),
            new(AdminActions.CreateKey, AdminTargets.Key, key.Id, before: null, KeyState.Of(key)),
        ];
    }

    private static AuditedChange[] AddTestUser(GatewayContext context, DateTimeOffset now)
    {
        var test = new User { Id = TestId, Name = TestName, CreatedAt = now };
        var quota = new Quota
        {
            UserId = TestId,
            DailyRequests = 100,
            MonthlyRequests = 1000,
            MonthlySpendNanoUsd = Money.NanoUsdPerUsd,
            UpdatedAt = now,
        };
        context.Users.Add(test);
        context.Quotas.Add(quota);
        return
        [
            new(AdminActions.CreateUser, AdminTargets.User, TestId, before: null, UserState.Of(test)),
            new(AdminActions.SetQuota, AdminTargets.User, TestId, before: null, UserLimitsState.Of(quota.Limits)),
        ];
    }
}

/// <summary>The result of the first start on an empty database.</summary>
/// <param name="UserId">The administrator.</param>
/// <param name="UserName">Its name.</param>
/// <param name="KeyPrefix">The part of its key that may be shown.</param>
/// <param name="Secret">The key, to be shown this once; null when it was given by configuration.</param>
public sealed record FirstStartResult(Guid UserId, string UserName, string KeyPrefix, string? Secret);
