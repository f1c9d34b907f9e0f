using AiGateway.Application.Administration;
using AiGateway.Application.Users;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.ApiKeys;

/// <summary>
/// Creates a key with every scope, for an operator who has lost all others. It belongs to the first administrator. Where
/// that user is missing or disabled, a new user is created, because the disabling was deliberate.
/// </summary>
public sealed record CreateAdministratorKey : IRequest<CreatedApiKey>, IAdministrativeChange<CreatedApiKey>
{
    Actor IAdministration.By => Actor.Operator;

    AdministrativeAction IAdministrativeChange<CreatedApiKey>.Describe(CreatedApiKey created) => created.Describe();
}

internal sealed class CreateAdministratorKeyHandler(IUserStore users, ApiKeyMint mint, TimeProvider time)
    : IRequestHandler<CreateAdministratorKey, CreatedApiKey>
{
    private const string UserName = "administrator";
    private const string KeyName = "admin-key";

    public async Task<CreatedApiKey> Handle(CreateAdministratorKey command, CancellationToken cancellationToken)
    {
        var user = await users.FindAsync(User.FirstAdministratorId, cancellationToken);
        if (user is null or { Disabled: true })
        {
            var now = time.GetUtcNow();
            user = new User { Id = Guid.CreateVersion7(now), Name = UserName, CreatedAt = now };
            await users.AddAsync(user, Actor.Operator, cancellationToken);
        }

        return await mint.MintAsync(user.Id, KeyName, Scopes.All, expiresAt: null, new KeyDetails(), Actor.Operator, cancellationToken);
    }
}
