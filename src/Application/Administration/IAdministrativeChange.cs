using MediatR;

namespace AiGateway.Application.Administration;

/// <summary>A change of users, keys, limits or the ledger. <see cref="AdministrationLog{TRequest,TResponse}"/> writes each to the log.</summary>
internal interface IAdministrativeChange<TResponse> : IRequest<TResponse>
{
    /// <summary>Who makes it.</summary>
    Actor By { get; }

    /// <summary>What was done, once it is done.</summary>
    AdministrativeAction Describe(TResponse response);
}

/// <summary>What an administrator did. It holds ids, scopes, numbers and file names; never a secret, a user's name or a key's name.</summary>
/// <param name="Name">Such as <c>create_user</c>.</param>
/// <param name="Target">On whom or what, such as <c>user 0193...</c>.</param>
/// <param name="Detail">What was set; empty: nothing more to say.</param>
internal readonly record struct AdministrativeAction(string Name, string Target, string Detail = "");
