using AiGateway.Application.Pipeline;
using AiGateway.Application.Ports;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.ApiKeys;

/// <summary>Makes a key for a user. Its secret is in the reply and nowhere else.</summary>
public sealed record CreateApiKey(Guid? UserId, string? Name, IReadOnlyList<string>? Scopes, DateTimeOffset? ExpiresAt)
    : IRequest<CreatedApiKey>;

/// <summary>A key and, this once, its secret.</summary>
public sealed record CreatedApiKey(ApiKey Key, string Secret);

internal sealed class CreateApiKeyValidator : AbstractValidator<CreateApiKey>
{
    private const int MaxNameLength = 200;

    public CreateApiKeyValidator(TimeProvider time)
    {
        RuleFor(command => command.UserId).NotNull().WithMessage("is required");
        RuleFor(command => command.Name).NotNull().WithMessage("is required").IsName(MaxNameLength);
        RuleFor(command => command.Scopes).Must(scopes => scopes is not { Count: 0 }).WithMessage("must hold at least one scope");
        RuleForEach(command => command.Scopes)
            .Must(scope => Scopes.All.Contains(scope, StringComparer.Ordinal))
            .WithMessage($"must be one of {string.Join(", ", Scopes.All)}");
        RuleFor(command => command.ExpiresAt)
            .Must(expiry => expiry is null || expiry > time.GetUtcNow())
            .WithMessage("must be in the future");
    }
}

internal sealed class CreateApiKeyHandler(IUserStore users, IApiKeyStore keys, IApiKeySecrets secrets, TimeProvider time)
    : IRequestHandler<CreateApiKey, CreatedApiKey>
{
    public async Task<CreatedApiKey> Handle(CreateApiKey command, CancellationToken cancellationToken)
    {
        var userId = command.UserId!.Value;
        if (await users.FindAsync(userId, cancellationToken) is null)
            throw new InvalidRequestException("userId", $"there is no user {userId}");

        var now = time.GetUtcNow();
        var secret = secrets.Create();
        var key = new ApiKey
        {
            Id = Guid.CreateVersion7(now),
            UserId = userId,
            Name = command.Name!,
            Prefix = secrets.PrefixOf(secret),
            Hash = secrets.HashOf(secret),
            Scopes = string.Join(' ', (command.Scopes ?? [Scopes.Generate]).Distinct()),
            CreatedAt = now,
            ExpiresAt = command.ExpiresAt,
        };
        await keys.AddAsync(key, cancellationToken);
        return new(key, secret);
    }
}
