-- What messages that share a transaction need is locked
-- @orderIds1 UniqueIdentifier, @orderIds2 UniqueIdentifier
SELECT [o].[OrderId], [o].[CreatedAt], [o].[Lines], [o].[RowVersion], [o].[Shortages], [o].[Status], [o].[UpdatedAt]
FROM (
    SELECT * FROM [Reservations] WITH (UPDLOCK, ROWLOCK, FORCESEEK)
) AS [o]
WHERE [o].[OrderId] IN (@orderIds1, @orderIds2)
ORDER BY [o].[OrderId]

-- Products are locked
-- @skus1 NVarChar(64), @skus2 NVarChar(64), @skus3 NVarChar(64)
SELECT [o].[Sku], [o].[Name], [o].[OnHand], [o].[Reserved], [o].[RowVersion]
FROM (
    SELECT * FROM [Products] WITH (UPDLOCK, ROWLOCK, FORCESEEK)
) AS [o]
WHERE [o].[Sku] IN (@skus1, @skus2, @skus3)
ORDER BY [o].[Sku]

-- A reservation is locked
-- @orderIds1 UniqueIdentifier
SELECT [o].[OrderId], [o].[CreatedAt], [o].[Lines], [o].[RowVersion], [o].[Shortages], [o].[Status], [o].[UpdatedAt]
FROM (
    SELECT * FROM [Reservations] WITH (UPDLOCK, ROWLOCK, FORCESEEK)
) AS [o]
WHERE [o].[OrderId] = @orderIds1
ORDER BY [o].[OrderId]
