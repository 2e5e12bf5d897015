var G=`:host { display: block; }
.root {
  --grey: light-dark(#5d6874, #9aa6b2);
  --text: var(--st-text-color, CanvasText);
  --page: var(--st-background-color, Canvas);
  color: var(--text);
  font-family: var(--st-font, sans-serif);
}
.scroll { overflow-x: auto; overflow-y: hidden; padding: 4px; }
.scroll:focus-visible { outline: 3px solid var(--st-link-color, currentColor); outline-offset: -3px; }
svg { display: block; font-family: inherit; }
text { fill: var(--text); font-size: 15px; }
.title { font-weight: 650; font-size: 16px; }
.number { font-weight: 650; }
.halo { stroke: var(--page); stroke-width: 5px; stroke-linejoin: round; paint-order: stroke; }
.node rect { fill: var(--tone); }
a { cursor: pointer; }
a text:not(.halo) tspan.words { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 3px; }
a:hover text:not(.halo) tspan.words { text-decoration-thickness: 3px; }
.link path { fill: var(--tone); fill-opacity: .38; stroke: var(--tone); stroke-width: 1px; }
.link:hover path { fill-opacity: .7; }
a:focus { outline: none; }
a.link:focus-visible path { fill-opacity: .75; stroke: var(--text); stroke-width: 3px; }
a.node:focus-visible .frame { stroke: var(--text); stroke-width: 3px; }
.frame { fill: none; stroke: none; }
p { margin: 6px 4px 0; min-height: 1.5em; font-size: 15px; line-height: 1.5; }
p.hint { min-height: 0; }

@media (prefers-contrast: more) {
  .link path { fill-opacity: .55; stroke-width: 2px; }
  .node rect { stroke: var(--text); stroke-width: 1px; }
}
@media (forced-colors: active) {
  .link path { forced-color-adjust: none; fill: GrayText; fill-opacity: .35; stroke: CanvasText; }
  a.link:hover path, a.link:focus-visible path { fill: Highlight; fill-opacity: .6; stroke: Highlight; }
  .node rect { forced-color-adjust: none; fill: CanvasText; }
  a.node:focus-visible .frame { stroke: Highlight; }
  text { fill: CanvasText; }
  .halo { stroke: Canvas; }
  a text { fill: LinkText; }
}
@media print {
  .scroll { overflow: visible; }
  svg { max-width: 100%; height: auto; }
  .root { --text: #000; --page: #fff; color-scheme: light; }
  .node rect, .link path { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  p { display: none; }
}
`;var N=new WeakMap;function H(e,r){return l=>{let a=l.parentElement,n=N.get(a);if(!n){let i=C("div",{class:"root"});a.append(C("style",{},e),i),n=r(i,a),N.set(a,n)}return n.update(l),()=>{n.destroy?.(),N.delete(a),a.replaceChildren()}}}var q="http://www.w3.org/2000/svg";function F(e,r,l){for(let[a,n]of Object.entries(r))typeof n=="function"?e.addEventListener(a,n):n!=null&&n!==!1&&e.setAttribute(a,n);return e.append(...l.filter(a=>a!=null)),e}function C(e,r={},...l){return F(document.createElement(e),r,l)}function p(e,r={},...l){return F(document.createElementNS(q,e),r,l)}function I(e){let r=String(e??"").replace(/[^\w-]/g,"");return r?`var(--cg-tone-${r}, var(--grey))`:"var(--grey)"}function V(e){if(!e)return!1;try{return["http:","https:"].includes(new URL(e,document.baseURI).protocol)}catch{return!1}}var M;function R(e,r,l){M??=document.createElement("canvas").getContext("2d"),M.font=l;let a=u=>M.measureText(u).width<=r,n=[],i="";for(let u of String(e).split(/\s+/).filter(Boolean)){let d=i?`${i} ${u}`:u;if(a(d)){i=d;continue}for(i&&n.push(i);!a(u)&&u.length>1;){let g=u.length-1;for(;g>1&&!a(u.slice(0,g));)g-=1;n.push(u.slice(0,g)),u=u.slice(g)}i=u}return i&&n.push(i),n}function W(e){return document.fonts.addEventListener("loadingdone",e),()=>document.fonts.removeEventListener("loadingdone",e)}function Z(e,r){return M??=document.createElement("canvas").getContext("2d"),M.font=r,M.measureText(e).width}function _(e,r){let l=null,a=()=>{clearTimeout(l),l=null,e()},n=()=>{clearTimeout(l),l=setTimeout(a,r)};return n.flush=()=>l!==null&&a(),n.cancel=()=>clearTimeout(l),n}var E=16,j=19,U=14,D=860,J=15;function K(e,r,l){let n=e.columns.length-1,i=Math.min(230,r*.2),u=n?(r-2*i-E)/n:0,d=e.nodes.map(t=>({...t,out:[],into:[]})),g=new Map(d.map(t=>[t.id,t])),T=e.links.map(t=>({...t}));for(let t of T)t.from=g.get(t.source),t.to=g.get(t.target),t.from.out.push(t),t.to.into.push(t);let $=t=>t.reduce((s,f)=>s+f.value,0);for(let t of d){t.value=Math.max($(t.out),$(t.into));let f=(t.column>0&&t.column<n?Math.min(190,u*.55):i)-12;t.number=t.value.toLocaleString("en-GB"),t.lines=R(`${t.label} ${t.number}`,f,l),t.text=t.lines.length*j}let O=e.columns.map((t,s)=>d.filter(f=>f.column===s).reduce((f,h)=>f+h.value,0)),y=Math.min(40,430/Math.max(1,...O)),S=e.columns.map(()=>0);for(let t of d)t.bar=Math.max(2,t.value*y),t.slot=Math.max(t.bar,t.text)+U,S[t.column]+=t.slot;let o=e.columns.map((t,s)=>R(t,s>0&&s<n?u-30:i,l)),x=22+j*Math.max(1,...o.map(t=>t.length)),v=Math.max(0,...S);e.columns.forEach((t,s)=>{let f=d.filter(c=>c.column===s),h=f.length?(v-S[s])/f.length:0,m=x;for(let c of f)c.x=i+s*u,c.middle=m+(c.slot+h-U)/2,c.y=c.middle-c.bar/2,m+=c.slot+h});for(let t of d){let s=t.y+(t.bar-$(t.out)*y)/2;for(let f of t.out.sort((h,m)=>h.to.column-m.to.column||h.to.y-m.to.y))f.y0=s,s+=f.value*y;s=t.y+(t.bar-$(t.into)*y)/2;for(let f of t.into.sort((h,m)=>h.from.column-m.from.column||h.from.y-m.from.y))f.y1=s,s+=f.value*y}return{nodes:d,links:T,unit:y,last:n,titles:o,height:x+v+4}}function Q(e,r){let l=e.from.x+E,a=e.to.x,n=(l+a)/2,i=Math.max(1.5,e.value*r),{y0:u,y1:d}=e;return`M${l},${u}C${n},${u} ${n},${d} ${a},${d}V${d+i}C${n},${d+i} ${n},${u+i} ${l},${u+i}Z`}function X(e){let r=null,l="",a=C("p",{"aria-hidden":"true"}),n=C("p",{class:"hint",id:"hint",hidden:""},"Scroll sideways to see all of it."),i=C("div",{class:"scroll"});e.append(n,i,a);let u=o=>`${o.toLocaleString("en-GB")} ${o===1?r.unit[0]:r.unit[1]}`;function d(o,x,v,...t){let s=()=>a.textContent=v,f=()=>a.textContent="",h={mouseenter:s,mouseleave:f,focus:s,blur:f},m={class:o,style:`--tone: ${I(x.tone)}`,"aria-label":v,...h};return V(x.href)?p("a",{...m,href:x.href},...t):p("g",{...m,role:"img"},...t)}function g(o,x){let v=o.column>0&&o.column<x,t=o.column===0,s=t?o.x-10:o.x+E+10,f=t?"end":"start",h=o.middle-o.text/2+j*.73,m=o.lines.map((w,k)=>{let L={x:s,y:h+k*j,class:"words"};if(k<o.lines.length-1)return p("tspan",L,w);let z=w.slice(0,w.length-o.number.length).trimEnd();return z?p("tspan",{x:s,y:L.y},p("tspan",{class:"words"},z)," ",p("tspan",{class:"number"},o.number)):p("tspan",{...L,class:"number"},o.number)}),c=Math.max(...o.lines.map(w=>Z(w,`650 ${J}px ${T()}`))),b=Math.min(o.y,o.middle-o.text/2)-3,A=Math.max(o.y+o.bar,o.middle+o.text/2)+3,B=t?s-c-4:o.x-4;return d("node",o,`${o.label}: ${u(o.value)}`,p("rect",{x:o.x,y:o.y,width:E,height:o.bar}),v?p("text",{class:"halo","aria-hidden":"true"},...m.map(w=>w.cloneNode(!0))):null,p("text",{"text-anchor":f},...m),p("path",{class:"frame",d:`M${B},${b}H${t?o.x+E+4:s+c+4}V${A}H${B}Z`}))}let T=()=>getComputedStyle(e).fontFamily;function $(){let o=Math.floor(e.clientWidth)-8;if(!r||o<=0)return;let x=Math.max(D,o),v=`${x} ${JSON.stringify(r)}`,t=x>o;if(n.hidden=!t,t)for(let[c,b]of Object.entries({tabindex:"0",role:"region","aria-label":`${r.label}: scrolls sideways`}))i.setAttribute(c,b);else for(let c of["tabindex","role","aria-label"])i.removeAttribute(c);if(v===l)return;l=v;let s=K(r,x,`650 ${J}px ${T()}`),f=r.columns.map((c,b)=>{let A=s.nodes.find(k=>k.column===b);if(!A)return null;let B=b===0?A.x+E:A.x,w=s.titles[b].map((k,L)=>p("tspan",{x:B,y:18+L*j},k));return p("text",{class:"title","text-anchor":b===0?"end":"start"},...w)}),h=s.links.map(c=>{let b=c.title||`${c.from.label} to ${c.to.label}: ${u(c.value)}`;return d("link",c,b,p("path",{d:Q(c,s.unit)}))}),m=s.nodes.map(c=>g(c,s.last));i.replaceChildren(p("svg",{role:"group","aria-label":r.label,"aria-describedby":"about",width:x,height:s.height,viewBox:`0 0 ${x} ${s.height}`},p("desc",{id:"about"},r.description),...f.filter(Boolean),...h,...m))}let O=_($,60),y=new ResizeObserver(O);y.observe(e);let S=W(()=>{l="",$()});return{update(o){r=o.data,$()},destroy(){S(),y.disconnect(),O.cancel()}}}var nt=H(G,X);export{nt as default};
