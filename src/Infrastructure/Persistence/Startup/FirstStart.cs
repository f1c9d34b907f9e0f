using AiGateway.Application.ApiKeys;
using AiGateway.Domain;
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
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Users.AnyAsync(cancellationToken)) return null;

        var secret = bootstrapKey ?? secrets.Create();
        AddAdmin(context, secret);
        if (isDevelopment) AddTestUser(context);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (IsDone())
        {
            return null;
        }

        return new FirstStartResult(AdminId, AdminName, secrets.PrefixOf(secret), bootstrapKey is null ? secret : null);
    }

    private bool IsDone()
    {
        using var context = contexts.CreateDbContext();
        return context.Users.Any(user => user.Id == AdminId);
    }

    private void AddAdmin(GatewayContext context, string secret)
    {
        var now = time.GetUtcNow();
        context.Users.Add(new User { Id = AdminId, Name = AdminName, CreatedAt = now });
        context.ApiKeys.Add(new ApiKey
        {
            Id = Guid.CreateVersion7(now),
            UserId = AdminId,
            Name = "bootstrap",
            Prefix = secrets.PrefixOf(secret),
            Hash = secrets.HashOf(secret),
            Scopes = string.Join(' ', Scopes.All),
            CreatedAt = now,
        });
    }

    private void AddTestUser(GatewayContext context)
    {
        var now = time.GetUtcNow();
        context.Users.Add(new User { Id = TestId, Name = TestName, CreatedAt = now });
        context.Quotas.Add(new Quota
        {
            UserId = TestId,
            DailyRequests = 100,
            MonthlyRequests = 1000,
            MonthlySpendNanoUsd = Money.NanoUsdPerUsd,
            UpdatedAt = now,
        });
    }
}

/// <summary>The result of the first start on an empty database.</summary>
/// <param name="UserId">The administrator.</param>
/// <param name="UserName">Its name.</param>
/// <param name="KeyPrefix">The part of its key that may be shown.</param>
/// <param name="Secret">The key, to be shown this once; null when it was given by configuration.</param>
public sealed record FirstStartResult(Guid UserId, string UserName, string KeyPrefix, string? Secret);
