const net = require('node:net')

const NOT_AVAILABLE = '4.3.0 The list of recipients is not available, try again later'

exports.register = function () {
    const [kind, ...place] = this.config.get('mailroll.ini').main.server.split(':')
    const port = place.pop()
    this.server = kind === 'unix' ? { path: port } : { host: place.join(':').replace(/[[\]]/g, ''), port: Number(port) }
}

exports.hook_rcpt = async function (next, connection, [rcpt]) {
    if (!rcpt.host) return next()
    try {
        if ((await ask(this.server, `domains ${rcpt.host}`)) === 'NOTFOUND ') return next()
        const said = await ask(this.server, `access ${rcpt.user}@${rcpt.host}`)
        if (said === 'OK DUNNO') return next(OK)
        const [, code, words] = /^OK ([45])\d\d (.*)/.exec(said) ?? []
        next(code === '5' ? DENY : DENYSOFT, words ?? NOT_AVAILABLE)
    } catch (problem) {
        connection.logerror(this, problem.message)
        next(DENYSOFT, NOT_AVAILABLE)
    }
}

function ask (server, request) {
    return new Promise((resolve, reject) => {
        const line = net.connect(server, () => line.write(`${Buffer.byteLength(request)}:${request},`))
        let read = Buffer.alloc(0)
        line.setTimeout(5000, () => line.destroy(new Error('no answer within 5 seconds')))
        line.on('error', reject)
        line.on('close', () => reject(new Error('the line was closed before an answer')))
        line.on('data', (more) => {
            read = Buffer.concat([read, more])
            const begin = read.indexOf(':') + 1
            const end = begin + parseInt(read)
            if (begin === 0 || read.length <= end) return
            resolve(read.toString('utf8', begin, end))
            line.destroy()
        })
    })
}
